import { expect, it } from 'vitest';
import { placeOf } from './place.ts';

const symbols = new Map([
  ['work', 0xd00],
  ['routine', 0xc00],
]);

it.each([
  ['0x0c00 mfcr r3', { name: 'routine', kind: 'instruction', address: 0xc00n }],
  ['0x0cfc b 0xc00 <routine>', { name: 'routine+0xfc', kind: 'instruction', address: 0xcfcn }],
  ['0x0200 sc 1', { name: '0x200', kind: 'instruction', address: 0x200n }],
  ['0xc000000000000d04 (real 0x0d04) blr', { name: 'work+0x4', kind: 'instruction', address: 0xd04n }],
  ['0x100000d00 (outside RAM)', { name: 'work+0x100000000', kind: 'instruction', address: 0x100000d00n }],
  ['report machine check: claim', { name: 'report machine check: claim', kind: 'step', address: undefined }],
  ['report: claim (waits for BQL)', { name: 'report: claim', kind: 'step', address: undefined }],
  ['0xcafe', { name: 'work+0xbdfe', kind: 'instruction', address: 0xcafen }],
  ['0xnothing', { name: '0xnothing', kind: 'step', address: undefined }],
  ['', { name: '', kind: 'step', address: undefined }],
])('knows where %j is', (text, place) => {
  expect(placeOf(text, symbols)).toEqual(place);
});
