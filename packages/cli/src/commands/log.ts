import { explainLog, readErrorLog } from '@checkstop/rtas-fwnmi';
import { command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { inputBytes } from '../input-bytes.ts';

/** Bytes of a log: PAPR's largest, with all that it may carry, has 2 KiB. */
const LARGEST = 4 * 2 ** 10;

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
    [
      'checkstop log 06741000 00000038 86008e00 00000000 00000000 49424d00 4d430028 01000000 00000000 00000000 01810000 00000000 00000000 deadbeef 00000000 00000000',
      "QEMU's log of an SLB multihit at 0xdeadbeef, word by word",
    ],
  ],
  run({ _: words }, io) {
    for (const line of explainLog(readErrorLog(inputBytes(io, words, LARGEST)))) io.out(`${line}\n`);
    return EXIT.holds;
  },
});
