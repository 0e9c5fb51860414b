import { featureStatistics, frechetDistance } from '@tesserae/core/metrics';
import type { ParityRunner } from '@tesserae/core/test';

/** Means, covariances and Fréchet distance of two feature sets. */
export const runMetricFrechet: ParityRunner = async (test, report) => {
  const [a, b] = (['a', 'b'] as const).map((set) => {
    const { shape, data } = test.input(`features_${set}`);
    const dim = shape[1]!;
    const statistics = featureStatistics(Float32Array.from(data), dim);
    report.tensor(`mu_${set}`, { shape: [dim], data: statistics.mean });
    report.tensor(`sigma_${set}`, { shape: [dim, dim], data: statistics.covariance });
    return statistics;
  });
  report.tensor('fid', { shape: [1], data: Float64Array.of(frechetDistance(a!, b!).value) });
  report.tensor('fid_self', { shape: [1], data: Float64Array.of(frechetDistance(a!, a!).value) });
};
