import { runProcess } from '@checkstop/cli';
import { bench } from './bench.ts';

void runProcess(bench);
