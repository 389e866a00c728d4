/**
 * The extended mnemonics (Power ISA 3.0B, Book I, appendix C; Book III for the special purpose registers), each as the
 * ISA prints it: what one writes, and what it stands for. Alternatives in braces belong together: the first of the left
 * side goes with the first of the right.
 */

/** Those that a disassembler prints instead of what they stand for, the first that fits; the same that objdump prints. */
const PRINTED = `
  nop = ori 0,0,0
  xnop = xori 0,0,0
  exser = ori 31,31,0
  miso = or 26,26,26
  yield = or 27,27,27
  mdoio = or 29,29,29
  mdoom = or 30,30,30
  li RT,SI = addi RT,0,SI
  lis RT,SI = addis RT,0,SI
  lnia RT = addpcis RT,0
  mr{,.} RA,RS = or{,.} RA,RS,RS
  not{,.} RA,RS = nor{,.} RA,RS,RS

  cmpw [BF],RA,RB = cmp BF,0,RA,RB
  cmpd [BF],RA,RB = cmp BF,1,RA,RB
  cmplw [BF],RA,RB = cmpl BF,0,RA,RB
  cmpld [BF],RA,RB = cmpl BF,1,RA,RB
  cmpwi [BF],RA,SI = cmpi BF,0,RA,SI
  cmpdi [BF],RA,SI = cmpi BF,1,RA,SI
  cmplwi [BF],RA,UI = cmpli BF,0,RA,UI
  cmpldi [BF],RA,UI = cmpli BF,1,RA,UI

  isellt RT,RA0,RB = isel RT,RA0,RB,0
  iselgt RT,RA0,RB = isel RT,RA0,RB,1
  iseleq RT,RA0,RB = isel RT,RA0,RB,2

  crset BT = creqv BT,BT,BT
  crclr BT = crxor BT,BT,BT
  crmove BT,BA = cror BT,BA,BA
  crnot BT,BA = crnor BT,BA,BA

  rotlwi{,.} RA,RS,n = rlwinm{,.} RA,RS,n,0,31
  clrlwi{,.} RA,RS,n = rlwinm{,.} RA,RS,0,n,31
  clrrwi{,.} RA,RS,n = rlwinm{,.} RA,RS,0,0,31-n
  slwi{,.} RA,RS,n = rlwinm{,.} RA,RS,n,0,31-n
  srwi{,.} RA,RS,n = rlwinm{,.} RA,RS,32-n,n,31
  rotlw{,.} RA,RS,RB = rlwnm{,.} RA,RS,RB,0,31
  rotldi{,.} RA,RS,n = rldicl{,.} RA,RS,n,0
  clrldi{,.} RA,RS,n = rldicl{,.} RA,RS,0,n
  srdi{,.} RA,RS,n = rldicl{,.} RA,RS,64-n,n
  clrrdi{,.} RA,RS,n = rldicr{,.} RA,RS,0,63-n
  sldi{,.} RA,RS,n = rldicr{,.} RA,RS,n,63-n
  rotld{,.} RA,RS,RB = rldcl{,.} RA,RS,RB,0

  hwsync = sync 0
  lwsync = sync 1
  ptesync = sync 2
  mtcr RS = mtcrf 255,RS
  mftb RT = mfspr RT,268
  mftbu RT = mfspr RT,269
  mtsprg n=0..3,RS = mtspr 272+n,RS
  mfsprg RT,n=0..3 = mfspr RT,272+n

  dcbt{,st}ct RA0,RB,[TH=0..7] = dcbt{,st} RA0,RB,TH
  dcbt{,st}ds RA0,RB = dcbt{,st} RA0,RB,8
  dcbt{,st}ds RA0,RB,TH=8..15 = dcbt{,st} RA0,RB,TH
  dcbt{,st}t RA0,RB = dcbt{,st} RA0,RB,16
  dcbfl RA0,RB = dcbf RA0,RB,1
  dcbflp RA0,RB = dcbf RA0,RB,3
  icbt RA0,RB = icbt 0,RA0,RB
`;

/** Those that are only written. */
const WRITTEN = `
  la RT,D(RA0) = addi RT,RA0,D
  subi RT,RA0,n = addi RT,RA0,-n
  subis RT,RA0,n = addis RT,RA0,-n
  subpcis RT,n = addpcis RT,-n
  subic{,.} RT,RA,n = addic{,.} RT,RA,-n
  sub{,o,.,o.} RT,RA,RB = subf{,o,.,o.} RT,RB,RA
  subc{,o,.,o.} RT,RA,RB = subfc{,o,.,o.} RT,RB,RA

  mftbl RT = mfspr RT,268

  extlwi{,.} RA,RS,n,b = rlwinm{,.} RA,RS,b,0,n-1
  extrwi{,.} RA,RS,n,b=0..31 = rlwinm{,.} RA,RS,b+n,32-n,31
  inslwi{,.} RA,RS,n=1..32,b = rlwimi{,.} RA,RS,32-b,b,b+n-1
  insrwi{,.} RA,RS,n=1..32,b = rlwimi{,.} RA,RS,32-b-n,b,b+n-1
  rotrwi{,.} RA,RS,n = rlwinm{,.} RA,RS,32-n,0,31
  clrlslwi{,.} RA,RS,b=0..31,n = rlwinm{,.} RA,RS,n,b-n,31-n
  extldi{,.} RA,RS,n,b = rldicr{,.} RA,RS,b,n-1
  extrdi{,.} RA,RS,n,b=0..63 = rldicl{,.} RA,RS,b+n,64-n
  insrdi{,.} RA,RS,n=1..64,b = rldimi{,.} RA,RS,64-b-n,b
  rotrdi{,.} RA,RS,n = rldicl{,.} RA,RS,64-n,0
  clrlsldi{,.} RA,RS,b=0..63,n = rldic{,.} RA,RS,n,b-n
`;

/** The lines of a table, alternatives written out. */
function lines(table: string): string[] {
  const filled = table.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  return filled.flatMap((line) => {
    const [, first] = /\{(.*?)\}/.exec(line) ?? [];
    if (first === undefined) return [line];
    return first.split(',').map((_, index) => line.replace(/\{(.*?)\}/g, (_, list) => list.split(',')[index]));
  });
}

export const PRINTED_ALIASES: readonly string[] = lines(PRINTED);
export const WRITTEN_ALIASES: readonly string[] = lines(WRITTEN);
