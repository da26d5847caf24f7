/** Places that a column begins with. */
const lengthMin = 1024;

/** Numbers by the place of an item, 8 bytes each; absent until they are set. */
export class NumberColumn {
  #values = new Float64Array(0);

  at(place: number): number | undefined {
    const value = this.#values[place];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  set(place: number, value: number | undefined): void {
    if (place >= this.#values.length) {
      if (value === undefined) return;
      const grown = new Float64Array(grownLength(place)).fill(Number.NaN);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[place] = value ?? Number.NaN;
  }
}

/** Small whole numbers by the place of an item, 4 bytes each; 0 until they are set. */
export class CodeColumn {
  #codes = new Uint32Array(0);

  at(place: number): number {
    return this.#codes[place] ?? 0;
  }

  set(place: number, code: number): void {
    if (place >= this.#codes.length) {
      if (code === 0) return;
      const grown = new Uint32Array(grownLength(place));
      grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[place] = code;
  }
}

/** Names and the numbers that stand for them in a column, in the order in which they came. */
export class NameCodes {
  readonly #codes = new Map<string, number>();
  readonly #names: string[] = [];

  /** The number of a name, from 0; a new one for a name that is new. */
  codeOf(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const code = this.#names.length;
    this.#codes.set(name, code);
    this.#names.push(name);
    return code;
  }

  find(name: string): number | undefined {
    return this.#codes.get(name);
  }

  get names(): readonly string[] {
    return this.#names;
  }
}

function grownLength(place: number): number {
  return Math.max(lengthMin, 2 ** Math.ceil(Math.log2(place + 1)));
}
