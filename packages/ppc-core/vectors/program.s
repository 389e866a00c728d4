# Everything of the syntax that GNU as has too; binutils.json holds its image.
        .globl start
        .text
        .set    frame, 112 + save_size
        .equ    save_size, (31 - 13) * 8
mask = 1 << 4 + 2                       /* shifts bind tighter: 18 */

start:  mflr    r0; std r0, 16(r1)      /* two statements */
        stdu    %r1, -frame(%r1)
        li      3, mask
        lis     r4, table@highest
        ori     r4, r4, table@higher
        sldi    r4, r4, 32
        oris    r4, r4, table@h
        ori     r4, r4, table@l
        addis   r5, r2, table@ha
        addi    r5, r5, table@l
        ld      r6, (table + 8)@l(r5)
        lis     r7, 0x8000
        andi.   r7, r7, ~0x1f & 0xffff
1:      addi    r3, r3, -1
        cmpdi   cr7, r3, 'a'
        beq+    cr7, 2f
        bdnz    1b
        bne-    1f
2:      crand   4*cr7+eq, lt, 4*cr1+so
        b       1f
        bl      start
        b       . + 8
1:      bc      12, 4*cr7+eq, 1b
        mtsprg  2, r13
        rlwinm. r3, r4, 31 & 7 | 8, 24, 30
        cmpw    r3, r4
        isel    r3, r4, r5, eq
        .align  4
        blr

        .balign 8
table:  .quad   start, table - start, -1, 0xfedcba9876543210
        .long   0x12345678, . - table, 2f - 1b
        .short  -1, 65535, 'z'
        .byte   1, -128, 255
        .ascii  "no end"
        .asciz  "tab\tquote\" octal\101 hex\x41"
        .string "a # b /* c */ // d ; e"
        .byte   7 / 2, -7 / 2, -7 % 3, 7 % 3, 1 | 6 & 4, 6 ^ 3, 0b101, 017, 6 - 2 - 1
        .quad   -1 >> 60, 3 * (4 - 1), +5, - -5, ~0
        .space  3
        .skip   2, 0xee
        .p2align 3
2:      .org    0x280
        trap
        .org    2b - start + 0x300, 0x55
        .4byte  table@l
        .hword  table@ha, table@h
