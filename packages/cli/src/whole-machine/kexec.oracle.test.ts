import { testGuide } from './kexec.fixture.ts';

testGuide('kexec-long', 600_000);
