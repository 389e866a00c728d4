import { explainLog, readErrorLog } from '@checkstop/rtas-fwnmi';
import { command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { inputBytes } from '../input-bytes.ts';

/** Bytes of a log: PAPR's largest, with all that it may carry, has 2 KiB. */
const LARGEST = 4 * 2 ** 10;

/** A log begins with its version, which PAPR knows one of. */
const VERSION = 6;

/** Bytes of the interrupted r3, which come before the log in the buffer that a routine finds in r3. */
const SAVED_R3 = 8;

/** `checkstop log`: what an RTAS error log says. */
export const log = command({
  name: 'log',
  description: 'Say in words what an RTAS error log means',
  args: {
    log: {
      type: 'positional',
      required: true,
      description:
        'A file with the log as it stands in memory (- is standard input), or hexadecimal digits. The buffer that a routine finds in r3, the interrupted r3 before the log, is one as well',
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
    const bytes = inputBytes(io, words, LARGEST);
    const isBuffer = bytes[0] !== VERSION && bytes[SAVED_R3] === VERSION;
    if (isBuffer) io.out(`interrupted r3 0x${Buffer.from(bytes.subarray(0, SAVED_R3)).toString('hex')}\n`);
    for (const line of explainLog(readErrorLog(isBuffer ? bytes.subarray(SAVED_R3) : bytes))) io.out(`${line}\n`);
    return EXIT.holds;
  },
});
