import { testGuide } from './guide.fixture.ts';

testGuide('kexec', 120_000);
testGuide('kexec-holders', 120_000);
