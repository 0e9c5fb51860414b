import type { FileInput } from './signal';

/** A 3D shape as plain data; other forms follow the pattern. */
export type ShapeSignal =
  | {
      readonly modality: '3d';
      readonly form: 'mesh';
      /** `[vertices, 3]`. */
      readonly positions: Float32Array;
      /** `[faces, 3]`. */
      readonly triangles: Uint32Array;
    }
  | {
      readonly modality: '3d';
      readonly form: 'points';
      /** `[points, 3]`. */
      readonly positions: Float32Array;
      /** `[points, 3]`, unit length. */
      readonly normals?: Float32Array;
    };

export type ShapeInput = ShapeSignal | FileInput;
