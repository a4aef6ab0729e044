/** Sets of ARNs by key, without empty ones. */
export class ArnIndex {
  private readonly arns = new Map<string, Set<string>>();

  get(key: string): ReadonlySet<string> {
    return this.arns.get(key) ?? new Set();
  }

  add(key: string, arn: string): void {
    const arns = this.arns.get(key) ?? new Set();
    this.arns.set(key, arns.add(arn));
  }

  remove(key: string, arn: string): void {
    const arns = this.arns.get(key);
    if (arns?.delete(arn) === true && arns.size === 0) this.arns.delete(key);
  }
}
