import { runCommand, runProcess } from '@checkstop/cli';
import { demo } from './demo.ts';

void runProcess((argv, io) => runCommand(demo, argv, io));
