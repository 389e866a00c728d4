/**
 * The `checkstop` command as a library: composing cells of plugins by name, searching them in slices, and writing the
 * verdicts for people and as JSON.
 *
 * @packageDocumentation
 */
export { type Bounds, boundsLines, boundsOf, boundsText } from './bounds.ts';
export { builtIn, type Catalogue, type PluginFactory, type PluginKind } from './catalogue.ts';
export { type Cell, type CellSpec, type MutatedCell, type Mutation, type Parts, prepareCell } from './cell.ts';
export { type Command, command, type Definition, findCommand, runCommand } from './command.ts';
export { complain } from './complaint.ts';
export { type Config, type ConfigPlugin, defineConfig, loadConfig } from './config.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { type ExplainOptions, type Explanation, explainCell, type TriedNeighbour } from './explain.ts';
export { type ExplanationReport, explanationReport, explanationText } from './explanation.ts';
export { type Io, processIo } from './io.ts';
export { main } from './main.ts';
export { type MatrixOptions, runMatrix } from './matrix.ts';
export { MatrixPrinter } from './matrix-printer.ts';
export { mutantLines } from './mutant-report.ts';
export { type MutantOptions, type MutantVerdict, withMutants } from './mutants.ts';
export { type ChangedPart, type Neighbour, neighbours } from './neighbours.ts';
export { wholeNumber } from './numbers.ts';
export { type InputFile, type OutputFiles, outputFiles } from './output-files.ts';
export { formatPluginSpec, type PluginSpec, parsePluginSpec } from './plugin-spec.ts';
export { runProcess } from './process.ts';
export { type EndedBy, effortText, exitCodeOf, incompleteText, verdictText } from './report.ts';
export { type CellRun, type RunOptions, runCell } from './run-cell.ts';
export { runSample, type SampleCellOptions, type SampledCell } from './run-sample.ts';
export { type Sampled, type SampleReport, sampleReport } from './sampled.ts';
export { lassoText, replayLine, story, violationText, witnessText } from './story.ts';
export { type CellVerdict, type LivenessVerdict, type LivenessVerdicts, type Verdicts, verdicts } from './verdicts.ts';
