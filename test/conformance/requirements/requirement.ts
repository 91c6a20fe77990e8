/** One thing that a specification, or this project, asks of a resource server. */
export interface Requirement {
  /** Cited in the names of the tests that show it: `[RS-6750-3-a]`, a decision without brackets: `D-07: ...`. */
  readonly id: string;
  readonly spec: string;
  /** Section of the specification, or the page of the decision. */
  readonly section: string;
  /** What the specification calls it; `POLICY` where it leaves the choice. */
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'POLICY';
  /** What can be observed, in one line. */
  readonly sentence: string;
  /** Why no test shows it. */
  readonly excluded?: string;
  /** What is shown holds, and this part of it is not there. */
  readonly lacking?: string;
}
