import { explainLog, readErrorLog } from '@checkstop/rtas-fwnmi';
import { command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { inputBytes } from '../input-bytes.ts';

/** `checkstop log`: what an RTAS error log says. */
export const log = command({
  name: 'log',
  description: 'Say in words what an RTAS error log means',
  args: {
    log: {
      type: 'positional',
      required: true,
      description: 'A file with the log as it stands in memory, or hexadecimal digits',
    },
  },
  rest: true,
  examples: [
    ['checkstop log mce.bin', 'decode the log in a file'],
    ['checkstop log 66410008 00000000', 'decode eight bytes: a fixed part without extension'],
  ],
  run({ _: words }, io) {
    for (const line of explainLog(readErrorLog(inputBytes(io, words)))) io.out(`${line}\n`);
    return EXIT.holds;
  },
});
