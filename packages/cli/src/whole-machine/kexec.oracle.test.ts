import { testGuide } from './guide.fixture.ts';

testGuide('kexec-long', 600_000);
