import type { PickleBudget } from './pickle-budget';
import { PickleFault } from './pickle-cursor';
import type { PickleValue } from './pickle-values';

class Mark {}
const mark = new Mark();

/** Operands, with marks that fence those above them: what lies below a mark is out of reach. */
export class PickleStack {
  private readonly slots: (PickleValue | Mark)[] = [];
  private readonly marks: number[] = [];

  constructor(private readonly budget: PickleBudget) {}

  push(value: PickleValue): void {
    this.add(value);
  }

  /** @throws {PickleFault} Nothing above the last mark. */
  pop(): PickleValue {
    const value = this.top();
    this.slots.pop();
    return value;
  }

  /** @throws {PickleFault} Nothing above the last mark. */
  top(): PickleValue {
    if (this.slots.length <= (this.marks.at(-1) ?? -1) + 1) throw new PickleFault('an operation without its operand');
    return this.slots[this.slots.length - 1] as PickleValue;
  }

  mark(): void {
    this.marks.push(this.slots.length);
    this.add(mark);
  }

  /** What lies above the last mark, which goes as well. @throws {PickleFault} No mark. */
  popToMark(): PickleValue[] {
    const at = this.marks.pop();
    if (at === undefined) throw new PickleFault('an operation without its mark');
    const items = this.slots.splice(at);
    items.shift();
    return items as PickleValue[];
  }

  /** The last value, or the last mark where nothing lies above it. */
  discard(): void {
    if (this.slots.length > 0 && this.slots.length - 1 === this.marks.at(-1)) this.popToMark();
    else this.pop();
  }

  private add(value: PickleValue | Mark): void {
    this.budget.stack(this.slots.length);
    this.slots.push(value);
  }
}
