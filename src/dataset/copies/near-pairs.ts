import type { DisjointSets } from '../../lib/disjoint-sets.js';
import { APART, sumOn, turnedAxis } from './axes.js';
import { type Columns, columnsOf, usualValues } from './columns.js';
import { DESCRIPTOR_LENGTH as LENGTH, TURNED_PLACES } from './descriptor.js';
import { Scan } from './scan.js';
import { type Pictures, type Split, Splitter } from './split.js';

/** A pair of rows of the descriptors. */
export interface RowPair {
  readonly a: number;
  readonly b: number;
}

/** Pairs of one picture of `a` and one of `b`, or of two pictures of `a` without `b`. */
interface Task {
  readonly a: Pictures;
  readonly b: Pictures | undefined;
}

/** Pairs up to this number are compared without dividing them further. */
const FEW_PAIRS = 1 << 20;
/** A split pays if it rules out half as many pairs, besides this many per picture and this share of the pairs. */
const COST_PER_PICTURE = 30;
const MIN_GAIN = 0.01;
/** Maximum pictures that are compared at once, which bounds the memory. */
const MAX_PICTURES = 4096;
/** Values that are compared per step of work. */
const STEP = 1_000_000;
/** Values of a descriptor after which the sum of a distance is compared with the limit. */
const STRIDE = 16;

/**
 * Finds all pairs of descriptors within a reach, except those whose pictures are in one set already. Pictures are divided
 * at a cut through one axis. Pairs across the cut are within the reach only if both pictures are within the reach of the
 * cut, so three smaller searches are left: below, above, and across with few pictures. The axis is chosen for each search,
 * so that what all its pictures share (the background of a fixed camera) is not looked at.
 */
export class NearPairs {
  /** Number of values that were compared. */
  compared = 0;
  private readonly splitter: Splitter;
  private readonly limit: number;
  private readonly scanLimit: number;

  /** @param ids the picture of each row of the descriptors, as `sets` knows it */
  constructor(
    private readonly descriptors: Int16Array,
    private readonly ids: Int32Array,
    private readonly sets: DisjointSets,
    private readonly reach: number,
    private readonly fewPairs = FEW_PAIRS,
  ) {
    this.splitter = new Splitter(descriptors, reach);
    this.limit = reach ** 2;
    // Values on an axis of several cells are rounded by less than 1.
    this.scanLimit = Math.ceil((reach + Math.sqrt(APART.length)) ** 2) + 1;
  }

  /** Yields pairs whose pictures may not be in one set, and `undefined` after each step of work. */
  *search(a: Pictures, b?: Pictures): Generator<RowPair | undefined> {
    const tasks: Task[] = [{ a, b }];
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      const pairs = pairsIn(task);
      if (pairs === 0 || this.isJoined(task)) continue;
      const parts = pairs > this.fewPairs || hasMany(task) ? this.divided(task, pairs) : undefined;
      // The last one is searched first: what it joins need not be compared across the cut.
      if (parts) tasks.push(...parts);
      else yield* this.compareAll(task);
      yield;
    }
  }

  private divided({ a, b }: Task, pairs: number): Task[] | undefined {
    const split = this.splitter.bestSplit(a, b);
    const size = a.rows.length + (b?.rows.length ?? 0);
    const pays =
      split && split.gain * pairs > this.fewPairs / 2 + COST_PER_PICTURE * size && split.gain > MIN_GAIN;
    if (pays) {
      const ofA = this.cut(a, split);
      if (!b) return [across(ofA.nearAbove, ofA.nearBelow), { a: ofA.above, b }, { a: ofA.below, b }];
      const ofB = this.cut(b, split);
      return [
        across(ofA.nearAbove, ofB.nearBelow),
        across(ofA.nearBelow, ofB.nearAbove),
        across(ofA.above, ofB.above),
        across(ofA.below, ofB.below),
      ];
    }
    return halved({ a, b });
  }

  private cut(pictures: Pictures, { axis, cut }: Split) {
    const { rows, turn } = pictures;
    const turned = turnedAxis(axis, turn);
    const [below, above]: [number[], number[]] = [[], []];
    const [nearBelow, nearAbove]: [number[], number[]] = [[], []];
    const width = this.reach * axis.size;
    for (const row of rows) {
      const value = sumOn(this.descriptors, row * LENGTH, turned);
      if (value < cut) {
        below.push(row);
        if (value >= cut - width) nearBelow.push(row);
      } else {
        above.push(row);
        if (value <= cut + width) nearAbove.push(row);
      }
    }
    const part = (list: readonly number[]): Pictures => ({ rows: Int32Array.from(list), turn });
    return { below: part(below), above: part(above), nearBelow: part(nearBelow), nearAbove: part(nearAbove) };
  }

  private *compareAll({ a, b }: Task): Generator<RowPair | undefined> {
    const usual = usualValues(this.descriptors, b ?? a);
    const ofA = columnsOf(this.descriptors, a, usual);
    if (!b) {
      yield* this.scan(
        ofA,
        ofA,
        usual,
        (index) => index + 1,
        (query, row) => this.pair(query, row, a.turn),
      );
      return;
    }
    const ofB = columnsOf(this.descriptors, b, usual);
    // Each pair is looked for from the side of the stronger picture, from `a` if both are equal.
    const fromA = starts(ofA, ofB, (strength, other) => other <= strength);
    yield* this.scan(ofA, ofB, usual, fromA, (query, row) => this.pair(query, row, a.turn));
    const fromB = starts(ofB, ofA, (strength, other) => other < strength);
    yield* this.scan(ofB, ofA, usual, fromB, (query, row) => this.pair(row, query, a.turn));
  }

  private *scan(
    queries: Columns,
    others: Columns,
    usual: Int16Array,
    startOf: (index: number) => number,
    pairOf: (query: number, other: number) => RowPair | undefined,
  ): Generator<RowPair | undefined> {
    const scan = new Scan(others, usual, this.ids, this.sets, this.scanLimit);
    let compared = 0;
    for (const [index, query] of queries.rows.entries()) {
      let isJoined = false;
      for (const other of scan.near(queries, index, startOf(index))) {
        if (this.joined(query, other)) continue;
        const pair = pairOf(query, other);
        if (!pair) continue;
        yield pair;
        isJoined ||= this.joined(query, other);
      }
      if (isJoined) scan.onJoined(query);
      if (scan.compared - compared < STEP) continue;
      compared = scan.compared;
      yield;
    }
    this.compared += scan.compared;
  }

  /** The pair if both pictures are within the reach, with that of `a` in a turn. */
  pair(a: number, b: number, turn: number): RowPair | undefined {
    const { descriptors, limit } = this;
    const places = TURNED_PLACES[turn] ?? new Uint16Array();
    const [startA, startB] = [a * LENGTH, b * LENGTH];
    let distance = 0;
    for (let place = 0; place < LENGTH; ) {
      for (const end = place + STRIDE; place < end; place++) {
        const value = descriptors[startA + (places[place] ?? 0)] ?? 0;
        const difference = value - (descriptors[startB + place] ?? 0);
        distance += difference * difference;
      }
      if (distance > limit) return undefined;
    }
    return { a, b };
  }

  joined(a: number, b: number): boolean {
    return this.sets.joined(this.ids[a] ?? 0, this.ids[b] ?? 0);
  }

  /** Whether all pictures of a task are in one set. */
  private isJoined({ a, b }: Task): boolean {
    const [first = 0] = a.rows;
    const isWithFirst = (row: number) => this.joined(first, row);
    return a.rows.every(isWithFirst) && (b?.rows.every(isWithFirst) ?? true);
  }
}

const across = (a: Pictures, b: Pictures): Task => ({ a, b });

const pairsIn = ({ a, b }: Task) =>
  b ? a.rows.length * b.rows.length : (a.rows.length * (a.rows.length - 1)) / 2;

/** Whether more pictures would be compared at once than memory is meant for. */
const hasMany = ({ a, b }: Task) => Math.max(a.rows.length, b?.rows.length ?? 0) > MAX_PICTURES;

/** Divides a task of many pictures into tasks with the same pairs; undefined if it has few pictures. */
function halved(task: Task): Task[] | undefined {
  const { a, b } = task;
  if (!hasMany(task)) return undefined;
  if (b && b.rows.length > a.rows.length) return halvesOf(b).map((half) => across(a, half));
  const [first, second] = halvesOf(a);
  if (b) return [across(first, b), across(second, b)];
  return [across(first, second), { a: second, b }, { a: first, b }];
}

function halvesOf({ rows, turn }: Pictures): [Pictures, Pictures] {
  const middle = rows.length >> 1;
  return [
    { rows: rows.subarray(0, middle), turn },
    { rows: rows.subarray(middle), turn },
  ];
}

/** For each of `queries`, in their order: the first of `others` that is weak enough. */
function starts(
  queries: Columns,
  others: Columns,
  isWeak: (strength: number, other: number) => boolean,
): (index: number) => number {
  let start = 0;
  return (index) => {
    const strength = queries.strengths[index] ?? 0;
    while (start < others.rows.length && !isWeak(strength, others.strengths[start] ?? 0)) start += 1;
    return start;
  };
}
