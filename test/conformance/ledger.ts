import type { Citation } from './citations.js';
import type { Requirement } from './requirements/index.js';

export { readCitations } from './citations.js';
export { requirements } from './requirements/index.js';

/** A requirement and the tests that show it. */
interface Entry {
  readonly requirement: Requirement;
  readonly citations: readonly Citation[];
}

/** What is asked, what is shown, and what is wrong between the two. */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** One line each; none when every requirement is shown by a test or excluded with a reason. */
  readonly problems: readonly string[];
}

export function keepLedger(requirements: readonly Requirement[], citations: readonly Citation[]): Ledger {
  const entries = requirements.map((requirement) => ({
    requirement,
    citations: citations.filter(({ id }) => id === requirement.id),
  }));
  const known = new Set(requirements.map(({ id }) => id));
  const problems = [
    ...requirements.filter(({ id }, at) => requirements.findIndex((one) => one.id === id) < at).map(isTwice),
    ...entries.flatMap(faultsOf),
    ...citations.flatMap((citation) => faultOf(citation, known)),
  ];
  return { entries, problems };
}

function isTwice({ id }: Requirement): string {
  return `${id}: there is another requirement of this id`;
}

function faultsOf({ requirement: { id, sentence, excluded, lacking }, citations }: Entry): string[] {
  const faults: string[] = [];
  if (excluded === undefined && citations.length === 0) faults.push(`${id}: shown by no test (${sentence})`);
  if (excluded !== undefined && lacking !== undefined) faults.push(`${id}: excluded, so nothing of it is lacking`);
  if (excluded?.trim() === '' || lacking?.trim() === '') faults.push(`${id}: excluded without a reason`);
  const [first] = citations;
  if (excluded !== undefined && first !== undefined) faults.push(`${id}: excluded, and shown in ${placeOf(first)}`);
  return faults;
}

function faultOf(citation: Citation, known: ReadonlySet<string>): string[] {
  if (!known.has(citation.id)) return [`${citation.id}: no such requirement, cited in ${placeOf(citation)}`];
  if (citation.isWellFormed) return [];
  return [`${citation.id}: cited without its brackets in ${placeOf(citation)}`];
}

function placeOf({ file, line }: Citation): string {
  return `${file}:${line}`;
}
