/**
 * Owns the sessions of one engine, because making and running them blocks its thread. Plain JavaScript, so that the
 * same file runs from sources, in tests and in builds; speaks the protocol of `protocol.ts`.
 *
 * @typedef {import('./protocol').WorkerRequest} WorkerRequest
 * @typedef {import('./protocol').WorkerReply} WorkerReply
 * @typedef {import('./protocol').WireTensor} WireTensor
 * @typedef {import('./protocol').WireModel} WireModel
 * @typedef {import('./protocol').WorkerSetup} WorkerSetup
 * @typedef {import('onnxruntime-common').InferenceSession} InferenceSession
 * @typedef {import('onnxruntime-common').Tensor} Tensor
 * @typedef {typeof import('onnxruntime-common')} Runtime
 * @typedef {{ session: InferenceSession, model: Omit<WireModel, 'bytes'> }} Link
 */

const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
const port = node?.parentPort ?? undefined;

/** @type {(reply: WorkerReply, transfer?: ArrayBuffer[]) => void} */
const post = (reply, transfer = []) =>
  port ? port.postMessage(reply, transfer) : globalThis.postMessage(reply, { transfer });

/** @type {WorkerSetup['runtime']} */
const runtimeName = node?.workerData?.runtime ?? 'web';

/** @type {Promise<Runtime> | undefined} */
let loading;

function runtime() {
  loading ??= loadRuntime();
  return loading;
}

/** @returns {Promise<Runtime>} */
async function loadRuntime() {
  if (runtimeName === 'web') {
    const web = await import('onnxruntime-web');
    web.env.logLevel = 'fatal';
    // Has to be said before the first session.
    web.env.wasm.numThreads = node?.workerData?.threads ?? web.env.wasm.numThreads;
    return web;
  }
  // Out of sight of bundlers: a browser build must not contain it.
  const name = 'onnxruntime-node';
  return import(/* @vite-ignore */ /* webpackIgnore: true */ name);
}

/** @type {Map<number, Link[]>} */
const chains = new Map();
/** Runs that were given up. */
/** @type {Set<number>} */
const cancelled = new Set();
/** @type {Set<number>} */
const waiting = new Set();

/** @param {WorkerRequest & { kind: 'create' }} request */
async function create({ session: name, models, settings, folder, buffers }) {
  const { InferenceSession } = await runtime();
  /** @type {Link[]} */
  const links = [];
  try {
    for (const { bytes, results, drops } of models) {
      const session = await InferenceSession.create(bytes, {
        graphOptimizationLevel: settings.optimization,
        intraOpNumThreads: settings.threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        // Every session keeps what its largest run took; a plan of memory doubles that on the second run.
        ...(models.length > 1 && { enableMemPattern: false }),
        enableCpuMemArena: settings.arena,
        // Errors are thrown; said once is enough.
        logSeverityLevel: 4,
        ...(buffers && { externalData: [...buffers] }),
        ...(runtimeName === 'node' && { extra: extraSettings(settings, folder) }),
      });
      links.push({ session, model: { results, drops } });
    }
  } catch (error) {
    await releaseAll(links);
    const failed = models[links.length];
    throw Object.assign(asError(error), { dump: failed && dumpModel(failed.bytes, asError(error).message) });
  }
  chains.set(name, links);
}

/**
 * Every value has to be a string.
 *
 * @param {import('./protocol').SessionSettings} settings
 * @param {string | undefined} folder
 */
function extraSettings(settings, folder) {
  return {
    session: {
      ...(folder !== undefined && { model_external_initializers_file_folder_path: folder }),
      disable_prepacking: settings.prepack ? '0' : '1',
      intra_op: { allow_spinning: settings.spinning ? '1' : '0' },
    },
  };
}

/** @param {WorkerRequest & { kind: 'run' }} request */
async function run({ id, session: name, inputs }) {
  const { Tensor } = await runtime();
  const links = chains.get(name);
  if (!links) throw new Error(`session ${name} does not exist`);
  /** @type {Record<string, Tensor>} */
  const values = {};
  for (const [key, { type, dims, data }] of Object.entries(inputs)) values[key] = new Tensor(type, data, dims);
  /** @type {Record<string, WireTensor>} */
  const outputs = {};
  for (const [index, { session, model }] of links.entries()) {
    if (cancelled.has(id)) return undefined;
    const feeds = Object.fromEntries(session.inputNames.map((key) => [key, fed(values, key)]));
    const results = await session.run(feeds, { logSeverityLevel: 4 });
    for (const [key, tensor] of Object.entries(results)) {
      if (model.results.includes(key)) outputs[key] = wireTensor(tensor);
      else values[key] = tensor;
    }
    for (const key of model.drops) delete values[key];
    if (links.length > 1) {
      post({ kind: 'progress', id, completed: index + 1, total: links.length });
      await messagesSeen();
    }
  }
  return outputs;
}

/**
 * @param {Record<string, Tensor>} values
 * @param {string} key
 */
function fed(values, key) {
  const tensor = values[key];
  if (!tensor) throw new Error(`input ${key} is missing`);
  return tensor;
}

/**
 * @param {Tensor} tensor
 * @returns {WireTensor}
 */
function wireTensor({ type, dims, data }) {
  return /** @type {WireTensor} */ ({ type, dims, data });
}

/** Lets a `cancel` arrive. @returns {Promise<void>} */
function messagesSeen() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** @param {Link[]} links */
async function releaseAll(links) {
  for (const { session } of links) await session.release();
}

/** @param {unknown} error */
function asError(error) {
  return error instanceof Error ? error : new Error(String(error));
}

let dumps = 0;

/**
 * Types and shapes that the runtime refuses are mistakes of the compiler: keep the model for a report.
 *
 * @param {Uint8Array} bytes
 * @param {string} message
 */
function dumpModel(bytes, message) {
  if (!port || !/inference|type error|invalid_graph|not match|shape/i.test(message)) return undefined;
  const files = process.getBuiltinModule('node:fs');
  const { join } = process.getBuiltinModule('node:path');
  const folder = files.mkdtempSync(join(process.getBuiltinModule('node:os').tmpdir(), 'tesserae-model-'));
  const path = join(folder, `${(dumps += 1)}.onnx`);
  files.writeFileSync(path, bytes);
  return path;
}

/** @param {WorkerRequest} request */
async function answer(request) {
  const { kind, id } = request;
  switch (kind) {
    case 'probe':
      await runtime();
      return post({ kind: 'done', id });
    case 'create':
      await create(request);
      return post({ kind: 'done', id });
    case 'run': {
      const outputs = cancelled.has(id) ? undefined : await run(request);
      if (!outputs || cancelled.has(id)) return post({ kind: 'cancelled', id });
      const buffers = new Set(Object.values(outputs).map(({ data }) => /** @type {ArrayBuffer} */ (data.buffer)));
      return post({ kind: 'done', id, outputs }, [...buffers]);
    }
    case 'release': {
      const links = chains.get(request.session) ?? [];
      chains.delete(request.session);
      await releaseAll(links);
      return post({ kind: 'done', id });
    }
    case 'close':
      for (const links of chains.values()) await releaseAll(links);
      chains.clear();
      post({ kind: 'done', id });
      return port ? port.close() : globalThis.close();
    default:
      return undefined;
  }
}

/** One request after the other, in order. @type {Promise<void>} */
let queue = Promise.resolve();

/** @param {WorkerRequest} request */
function receive(request) {
  if (request.kind === 'cancel') {
    if (waiting.has(request.id)) cancelled.add(request.id);
    return;
  }
  const { id } = request;
  waiting.add(id);
  queue = queue
    .then(() => answer(request))
    .catch((error) => {
      const { message, dump } = /** @type {Error & { dump?: string }} */ (asError(error));
      post({ kind: 'failed', id, message, ...(dump !== undefined && { dump }) });
    })
    .finally(() => {
      waiting.delete(id);
      cancelled.delete(id);
    });
}

if (port) port.on('message', receive);
else globalThis.addEventListener('message', (event) => receive(event.data));
