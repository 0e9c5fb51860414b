import type { ScanOrder } from '@tesserae/core/metrics';

/** What `--order` takes. */
export const scanOrders: readonly ScanOrder[] = ['row', 'column', 'diagonal'];
