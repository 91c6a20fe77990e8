/** One requirement of a specification or of this project. */
export interface Requirement {
  /**
   * The id that tests cite behind their names: `... [RS-6750-3-a]`. A decision is cited without
   * brackets: `... (D-07)`.
   */
  readonly id: string;
  readonly spec: string;
  /** Section of the specification, or the page of the decision. */
  readonly section: string;
  /** The level that the specification states; `POLICY` if it leaves the choice. */
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'POLICY';
  /** The observable behaviour, in one line. */
  readonly sentence: string;
  /** The reason why no test shows it. */
  readonly excluded?: string;
  /** The part of the requirement that is not implemented. Tests show the rest. */
  readonly lacking?: string;
}
