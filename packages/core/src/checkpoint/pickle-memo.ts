import type { PickleBudget } from './pickle-budget';
import { PickleFault } from './pickle-cursor';
import type { PickleValue } from './pickle-values';

/** Values by number. Writers number from 0, so that the list stays dense; whatever is far apart goes to the map. */
export class PickleMemo {
  private readonly dense: (PickleValue | undefined)[] = [];
  private readonly sparse = new Map<number, PickleValue>();

  constructor(private readonly budget: PickleBudget) {}

  get size(): number {
    return this.dense.length + this.sparse.size;
  }

  /** @throws {PickleFault} A number below 0. */
  put(index: number, value: PickleValue): void {
    if (index < 0) throw new PickleFault(`a memo index of ${index}`);
    if (index < this.dense.length) this.dense[index] = value;
    else if (index === this.dense.length) {
      this.dense.push(value);
      this.sparse.delete(index);
    } else this.sparse.set(index, value);
    this.budget.memo(this.size);
  }

  /** @throws {PickleFault} A number that was not put. */
  get(index: number): PickleValue {
    const value = this.dense[index] ?? (index < this.dense.length ? null : this.sparse.get(index));
    if (value === undefined) throw new PickleFault(`memo entry ${index}, which is not set`);
    return value;
  }
}
