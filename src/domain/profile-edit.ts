/** What a person changes of what is known of a symbol. */

export interface ProfileEdit {
  /** Left out: it stays as it is. */
  readonly note?: string;
  /** Numbers by name, null takes one back; those left out stay. */
  readonly overrides?: Readonly<Record<string, number | null>>;
}
