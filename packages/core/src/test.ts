/** Test helpers and the parity harness. For test code in Node; needs vitest. */
export { expectClose } from './test/expect-close';
export { createFakeEngine, type FakeEngine, type FakeEngineCall } from './test/fake-engine';
export { useLeakGuard } from './test/leak-guard';
export { safetensorsBytes, type TensorToWrite } from './test/safetensors-bytes';
export { tinyWeights } from './test/tiny-weights';
export { isParityModality, type ParityModality, parityModalities } from './test/parity/adapters/choose-adapter';
export { type CaseFacts, readCaseFacts } from './test/parity/case-facts';
export { describeParity, type DescribeParityOptions } from './test/parity/describe-parity';
export { disposeSharedEngines, sharedEngine } from './test/parity/engine-source';
export { type CaseLocation, findCases } from './test/parity/find-cases';
export { applyLayout, type Layout } from './test/parity/layout';
export type {
  AllReportOptions,
  CheckpointCaseOptions,
  EvaluateOptions,
  Expectation,
  LoadCaseOptions,
  MeasuredTensor,
  ParityCase,
  ParityReport,
  ParityRunner,
  ParityRunners,
  TensorReportOptions,
} from './test/parity/parity-case';
export { figure } from './test/parity/report';
export { caseId, type CaseResult, type CaseStatus, runCase } from './test/parity/run-case';
