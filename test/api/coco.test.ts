import { describe, expect, it } from '@jest/globals';
import { DatasetError, openCocoArchive, readCocoText } from '../../src/api/coco.js';
import { roboflowArchive, zipOf } from '../support/archives.js';

const TEXT = JSON.stringify({
  images: [
    { id: 1, file_name: 'a.jpg', width: 96, height: 80 },
    { id: 2, file_name: 'b.jpg' },
  ],
  annotations: [
    { id: 1, image_id: 1, category_id: 7, bbox: [4, 5, 24, 30], iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 7, bbox: [40, 5, 24, 30], iscrowd: 1 },
    { id: 3, image_id: 99, category_id: 7, bbox: [4, 5, 24, 30], iscrowd: 0 },
  ],
  categories: [{ id: 7, name: 'papule' }],
});

describe('curator/coco', () => {
  it('opens an archive with its images, boxes and classes', async () => {
    const archive = await openCocoArchive(await roboflowArchive(4));
    expect(archive.labels).toEqual(['class-0', 'class-1']);
    expect(archive.images).toHaveLength(4);
    expect(archive.images[0]).toMatchObject({ width: 96, height: 80 });
    expect(archive.images[0]?.boxes).toContainEqual({ label: 'class-0', x: 4, y: 5, width: 24, height: 30 });
    expect(archive.annotations.found).toBe(6);
  });

  it('reads the bytes of the images of an archive', async () => {
    const archive = await openCocoArchive(await roboflowArchive(4));
    const paths: string[] = [];
    for await (const read of archive.readImages()) {
      if ('problem' in read) throw new Error(read.problem);
      expect([...read.bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
      paths.push(read.image.path);
    }
    expect(new Set(paths)).toEqual(new Set(archive.images.map(({ path }) => path)));
  });

  it('refuses an archive without a COCO file with the type of the refusal', async () => {
    const opened = openCocoArchive(await zipOf({ 'readme.txt': 'hello' }));
    await expect(opened).rejects.toBeInstanceOf(DatasetError);
    await expect(opened).rejects.toMatchObject({ type: 'CocoMissing' });
  });

  it('reads the text of one COCO file and counts unusable annotations by reason', async () => {
    const { images, labels, dropped } = await readCocoText(TEXT);
    expect(images.map(({ path, width, boxes }) => [path, width, boxes.length])).toEqual([
      ['a.jpg', 96, 1],
      ['b.jpg', null, 0],
    ]);
    expect(labels).toEqual(['papule']);
    expect(Object.values(dropped)).toEqual([1, 1]);
    expect(dropped['unknown-image']).toBe(1);
  });

  it('keeps boxes around crowds with keepCrowd', async () => {
    const { images } = await readCocoText(TEXT, 'a.json', { keepCrowd: true });
    expect(images[0]?.boxes).toHaveLength(2);
  });

  it('refuses text that is not COCO', async () => {
    await expect(readCocoText('{"a": 1}', 'a.json')).rejects.toThrow('a.json has no images');
  });
});
