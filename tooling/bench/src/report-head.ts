import type { Machine } from './machine';
import type { PeerFacts } from './peer-process';
import { megabytes } from './table';

/** What was compared, on what. */
export interface HeadFacts {
  readonly machine: Machine;
  /** Of both sides. */
  readonly threads: number;
  /** Undefined where there is no PyTorch; `peerReason` says why. */
  readonly peer?: PeerFacts;
  readonly peerReason?: string;
}

/** Lines on the machine and both sides. @param note - About our side. */
export function machineLines({ machine, threads, peer, peerReason }: HeadFacts, note: string): string[] {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${megabytes(machine.memoryBytes)}, ${machine.system}`,
    `ours: Node ${machine.node}, ${versions.join(', ')}; ${threads} threads, ${note}`,
    peer
      ? `peer: PyTorch ${peer.torch}, Python ${peer.python}, ${peer.threads} threads, BLAS ${peer.blas}${peer.oneDNN ? ', oneDNN' : ''}`
      : `peer: none (${peerReason ?? 'not asked for'})`,
  ];
}
