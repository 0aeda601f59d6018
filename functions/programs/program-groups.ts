// The process groups of one run: nothing may be concluded of it before all of them are empty.

export class ProgramGroups {
  readonly #living = new Set<Promise<void>>();

  add(groupEmpty: Promise<void>): void {
    this.#living.add(groupEmpty);
    void groupEmpty.then(() => this.#living.delete(groupEmpty));
  }

  get areEmpty(): boolean {
    return this.#living.size === 0;
  }

  async whenEmpty(): Promise<void> {
    await Promise.all(this.#living);
  }

  /** @returns are they empty, at the latest after that time? */
  async waitUntilEmpty(withinMs: number): Promise<boolean> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, withinMs);
    await Promise.race([this.whenEmpty(), late.promise]);
    clearTimeout(timer);
    return this.areEmpty;
  }
}
