/**
 * Reports on searched matrices: JUnit XML for continuous integration, SARIF for tools that show findings, and one HTML
 * page for people. Functions from data to text, without clocks and without network.
 *
 * @packageDocumentation
 */
export { counted } from './counted.ts';
export { html } from './html/page.ts';
export { judgementOf } from './judgement.ts';
export { junit } from './junit.ts';
export { fairnessText, fifoLassos, type Liveness, lassoCostOf, livenessOf, livenessText } from './liveness.ts';
export { type MutantOutcome, mutantLines, type TriedMutant } from './mutants.ts';
export { costOf, type Found, type Report, type ReportCell } from './report.ts';
export { sarif } from './sarif.ts';
