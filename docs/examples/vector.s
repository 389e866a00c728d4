# A vector for 0x200 that reports a machine check by a hypercall and asks again while the answer is "busy".
        .set    REPORT, 0xf005
        mtsprg  2, r3           # r3 goes to the hypervisor
1:      li      r3, 0
        ori     r3, r3, REPORT
        sc      1
        b       1b
