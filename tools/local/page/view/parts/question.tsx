import { useEffect, useRef, useState } from 'preact/hooks';

interface QuestionProps {
  readonly title: string;
  /** What will happen. */
  readonly text: string;
  /** What the button says. */
  readonly confirm: string;
  /** @returns what it came to, a text that is read before the dialog is closed; anything else closes it at once */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something is done, and shows what it came to. Escape leaves; the keyboard stays within. */
export function Question({ title, text, confirm, onConfirm, onClose }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [outcome, setOutcome] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const go = async () => {
    setBusy(true);
    try {
      const said = await onConfirm();
      if (typeof said === 'string') setOutcome(said);
      else onClose();
    } catch (error) {
      setOutcome(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <dialog ref={dialog} aria-labelledby="question" onClose={onClose}>
      <h2 id="question">{title}</h2>
      <p>{text}</p>
      {outcome !== undefined && (
        <pre role="status" tabIndex={0}>
          {outcome}
        </pre>
      )}
      <p class="buttons">
        <button type="button" onClick={() => dialog.current?.close()}>
          {outcome === undefined ? 'Leave it' : 'Close'}
        </button>
        {outcome === undefined && (
          <button type="button" class="danger" disabled={isBusy} onClick={go}>
            {isBusy ? 'Under way …' : confirm}
          </button>
        )}
      </p>
    </dialog>
  );
}
