/** An item as it stands after a write. */
export interface ItemWrite {
  readonly table: string;
  /** Names the item within its table, the same in every region. */
  readonly key: string;
  /** The whole item as JSON text; undefined: deleted. */
  readonly item: string | undefined;
  /** Of the function that wrote it, where one did. */
  readonly invocation?: string;
}
