/** What an operator asks for. */
export type SwitchRequest = NewSwitch | UnfinishedSwitch;

/** A switch that begins. */
export type NewSwitch =
  | {
      readonly kind: 'switch';
      /** @default - the environment after the target, in the settings' order */
      readonly environment?: string;
    }
  | {
      readonly kind: 'rollback';
      /** The previous environment may hold other content than when it was live. @default false */
      readonly allowRedeployed?: boolean;
    };

/** Goes on with a switch that a command left unfinished, or puts back what it moved. */
export interface UnfinishedSwitch {
  readonly kind: 'resume' | 'revert';
}
