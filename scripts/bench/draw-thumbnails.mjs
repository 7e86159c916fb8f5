// Draws thumbnails of 64x64 luma values for the search for copies, with a seeded generator.

const SIDE = 64;
const PIXELS = SIDE * SIDE;

/** Returns the thumbnails of `count` pictures of one kind, and the name of the content of each. */
export function drawThumbnails(kind, count) {
  const draw = DRAWINGS[kind];
  if (!draw) throw new Error(`Unknown kind ${kind}. Use one of: ${KINDS.join(', ')}.`);
  const thumbnails = new Uint8Array(count * PIXELS);
  const contents = [];
  for (let index = 0; index < count; index++) {
    const { picture, content = `${index}` } = draw(index);
    thumbnails.set(picture, index * PIXELS);
    contents.push(content);
  }
  return { thumbnails, contents };
}

const SCENE = scene(1, 40);
const FACE = scene(2, 45);

const DRAWINGS = {
  unlike: (index) => ({ picture: scene(index + 10, 40) }),
  'one kind': (index) => ({ picture: blend(FACE, scene(index + 10, 40), 0.35) }),
  'light and dust': (index) => ({ picture: noisy(FACE, 12, index) }),
  identical: () => ({ picture: SCENE, content: 'same' }),
  'hundred contents': (index) => ({ picture: scene((index % 100) + 10, 40), content: `${index % 100}` }),
  'equal thumbnails': () => ({ picture: SCENE }),
  'eight copies': (index) => ({ picture: noisy(scene(Math.floor(index / 8) + 10, 40), 2, index) }),
  'one object': (index) => ({ picture: noisy(withObjects(SCENE, 1, index, 70), 2, index) }),
  'four objects': (index) => ({ picture: noisy(withObjects(SCENE, 4, index, 70), 2, index) }),
  'eight objects': (index) => ({ picture: noisy(withObjects(SCENE, 8, index, 70), 2, index) }),
  'low contrast': (index) => ({ picture: noisy(withObjects(scene(1, 10), 3, index, 30), 2, index) }),
};

/** The kinds of pictures that can be drawn. */
export const KINDS = Object.keys(DRAWINGS);

function generator(seed) {
  let state = (seed * 7919 + 12_345) % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A gradient with 30 soft spots, of which some are a few pixels wide. */
function scene(seed, strength) {
  const next = generator(seed);
  const values = new Float64Array(PIXELS);
  const [across, down] = [next() - 0.5, next() - 0.5].map((slope) => slope * strength * 2);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    values[pixel] = 128 + (across * (pixel % SIDE)) / SIDE + (down * Math.floor(pixel / SIDE)) / SIDE;
  }
  for (let spot = 0; spot < 30; spot++) addSpot(values, next, strength);
  return bytesOf(values);
}

function addSpot(values, next, strength) {
  const [x, y, radius, height] = [
    next() * SIDE,
    next() * SIDE,
    2 + next() * 8,
    (next() - 0.5) * 2 * strength,
  ];
  for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(SIDE, y + radius); row++) {
    for (let column = Math.max(0, Math.ceil(x - radius)); column < Math.min(SIDE, x + radius); column++) {
      const distance = ((row - y) ** 2 + (column - x) ** 2) / radius ** 2;
      if (distance < 1) values[row * SIDE + column] += height * (1 - distance);
    }
  }
}

/** The picture with squares of 4 to 9 pixels at random places. */
function withObjects(picture, count, seed, contrast) {
  const next = generator(seed + 900);
  for (let skip = 0; skip < 5; skip++) next();
  const frame = picture.slice();
  for (let object = 0; object < count; object++) {
    const side = 4 + Math.floor(next() * 6);
    const [left, top] = [next(), next()].map((at) => Math.floor(at * (SIDE - side)));
    const luma = Math.round(128 + contrast * (next() < 0.5 ? -1 : 1) * (0.5 + next() / 2));
    for (let y = top; y < top + side; y++) frame.fill(luma, y * SIDE + left, y * SIDE + left + side);
  }
  return frame;
}

function noisy(picture, strength, seed) {
  const next = generator(seed + 50_000_000);
  return bytesOf(Float64Array.from(picture, (luma) => luma + strength * (2 * next() - 1)));
}

function blend(a, b, share) {
  return bytesOf(Float64Array.from(a, (luma, pixel) => luma + share * (b[pixel] - luma)));
}

function bytesOf(values) {
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round(value))));
}
