import type { Citation } from './citations.js';
import type { Requirement } from './requirements/index.js';

export { readCitations } from './citations.js';
export { requirements } from './requirements/index.js';

/** A requirement and the tests that show it. */
interface Entry {
  readonly requirement: Requirement;
  readonly citations: readonly Citation[];
}

/** The requirements with their citations, and the problems found. */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** One line each; empty when each requirement is cited by a test or excluded with a reason. */
  readonly problems: readonly string[];
}

export function keepLedger(requirements: readonly Requirement[], citations: readonly Citation[]): Ledger {
  const entries = requirements.map((requirement) => ({
    requirement,
    citations: citations.filter(({ id }) => id === requirement.id),
  }));
  const known = new Set(requirements.map(({ id }) => id));
  const problems = [
    ...requirements.filter(({ id }, at) => requirements.findIndex((one) => one.id === id) < at).map(duplicateProblem),
    ...entries.flatMap(entryProblems),
    ...citations.flatMap((citation) => citationProblems(citation, known)),
  ];
  return { entries, problems };
}

function duplicateProblem({ id }: Requirement): string {
  return `${id}: two requirements have this id`;
}

function entryProblems({ requirement: { id, sentence, excluded, lacking }, citations }: Entry): string[] {
  const problems: string[] = [];
  if (excluded === undefined && citations.length === 0) problems.push(`${id}: no test cites it (${sentence})`);
  if (excluded !== undefined && lacking !== undefined) {
    problems.push(`${id}: has both \`excluded\` and \`lacking\`; use one of them`);
  }
  if (excluded?.trim() === '' || lacking?.trim() === '') problems.push(`${id}: the reason for the exclusion is empty`);
  const [first] = citations;
  if (excluded !== undefined && first !== undefined)
    problems.push(`${id}: excluded, but cited in ${positionOf(first)}`);
  return problems;
}

function citationProblems(citation: Citation, known: ReadonlySet<string>): string[] {
  if (!known.has(citation.id)) return [`${citation.id}: unknown requirement, cited in ${positionOf(citation)}`];
  if (citation.isWellFormed) return [];
  return [`${citation.id}: cited without brackets in ${positionOf(citation)}`];
}

function positionOf({ file, line }: Citation): string {
  return `${file}:${line}`;
}
