import type { AddressRange } from '@checkstop/hypervisor';

declare module '@checkstop/kernel' {
  interface Events {
    /** The OS registered its routines: real addresses. */
    registered: { readonly agent: number; readonly systemReset: number; readonly machineCheck: number };
    /** A registration is over, replaced or given up: no check may be taken to these stretches of its code any more. */
    registrationGone: { readonly agent: number; readonly ranges: readonly AddressRange[] };
    /** The OS gave its registration up, or a reset did: the interlock is free. `holder` is who had it, -1 for nobody. */
    deregistered: { readonly agent: number; readonly holder: number };
    /** A migration left behind that `holder` has the interlock; that vCPU knows nothing of that. */
    interlockLost: { readonly agent: number; readonly holder: number };
    /** A migration left the registration behind; the OS knows nothing of that. `machineCheck` is its routine, a real address. */
    registrationLost: { readonly agent: number; readonly machineCheck: number };
    /** A vCPU is about to stop by stop-self: whatever it was at is over. */
    stoppedSelf: { readonly agent: number };
    /** Firmware wrote the buffer of this vCPU's check at this real address. */
    logWritten: { readonly agent: number; readonly buffer: number };
    /** Firmware made the routine the next instruction of this vCPU. */
    handedOver: { readonly agent: number };
    /** A vCPU gave back the interlock that `holder` held: its own, unless firmware lets it free another's (`byNonHolder: 'release'`). */
    interlockReleased: { readonly agent: number; readonly holder: number };
    /** The registered routine was entered for this vCPU's innermost check: its first instruction is about to execute. `nip` is the boundary's. */
    delivered: { readonly agent: number; readonly nip: bigint };
    /** The registered routine was entered though no check of this vCPU waits for it. */
    strayEntry: { readonly agent: number };
    /** A check was taken to code of a registration that was gone when firmware handed it over. */
    staleEntry: { readonly agent: number; readonly address: number };
    /** The vector was fetched that a strategy had patched for a registration that is gone. */
    staleVector: { readonly agent: number; readonly address: number };
    /** A check that struck before another kernel took over was taken to that kernel's routine. Only where `oldChecks` is `stale`. */
    foreignEntry: { readonly agent: number; readonly address: number };
    /** The routine has returned: the interrupted code of the innermost check is about to go on. `nip` is the boundary's. */
    resumed: { readonly agent: number; readonly nip: bigint };
    /** A system reset left r3 in its area, sixteen bytes at this real address. */
    resetSaved: { readonly agent: number; readonly address: number };
    /** A system reset was taken to the routine of a registration that was gone. */
    staleReset: { readonly agent: number; readonly address: number };
    /** The registered routine for system resets has returned: the interrupted code is about to go on. `nip` is the boundary's. */
    resetReturned: { readonly agent: number; readonly nip: bigint };
    /** The machine, or the vCPU itself (`stop-self`), stopped while this check of the vCPU was under way: it ends here. `nip` is the boundary's. */
    checkStopped: { readonly agent: number; readonly nip: bigint; readonly reason: string };
    /**
     * Firmware dropped the innermost struck check, and nobody will hear of it: it is recovered, and its vCPU has not given back the
     * interlock of the one before (QEMU, `holderCheck: 'drop-recovered'`). `nip` is the boundary's.
     */
    checkDropped: {
      readonly agent: number;
      readonly nip: bigint;
      /** MSR[RI] of the boundary. */
      readonly recoverable: boolean;
    };
    /** The vCPU was started afresh, as by a reset, or left for another kernel, while this check was under way: it ends here. `nip` is the boundary's. */
    checkAborted: { readonly agent: number; readonly nip: bigint };
    /** An rfid left the innermost check although the registered routine never saw it. */
    bypassed: { readonly agent: number };
    /** The routine read bytes of the log buffer before it gave the interlock back. */
    logRead: { readonly agent: number; readonly address: number };
  }
}
