/** Union-find over the indexes below `size`. */
export class DisjointSets {
  private readonly parents: Int32Array;

  constructor(size: number) {
    this.parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  find(index: number): number {
    let root = index;
    while (this.parent(root) !== root) root = this.parent(root);
    for (let at = index; at !== root; ) {
      const next = this.parent(at);
      this.parents[at] = root;
      at = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    this.parents[this.find(b)] = this.find(a);
  }

  joined(a: number, b: number): boolean {
    return this.find(a) === this.find(b);
  }

  private parent(index: number): number {
    return this.parents[index] ?? index;
  }
}
