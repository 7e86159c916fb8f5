import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string, mark = '\ufeff') => Buffer.from(`${mark}${text}`, 'utf16le');
const COCO = '{"info": {}, "images": [], "annotations": []}';
const EXPORT =
  /Upload a ZIP with the images and their COCO JSON\. In Roboflow: Export → COCO\. In CVAT: .*In Label/;
const ADD_IMAGES =
  /a COCO JSON without its images, not a ZIP file\. Put it into a ZIP together with the images/;

describe('a file that is not a ZIP', () => {
  it.each<[string, Buffer, RegExp]>([
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), /is a JPEG image, not a ZIP.*Roboflow/],
    ['a PNG', latin1('\x89PNG\r\n'), /a PNG image/],
    ['a PDF', Buffer.from('%PDF-1.4'), /a PDF document/],
    ['a tar.gz', Buffer.from([0x1f, 0x8b, 8, 0]), /a gzip archive.*zip its contents/],
    ['a 7-Zip archive', latin1("7z\xbc\xaf'\x1c"), /a 7-Zip archive/],
    ['a COCO JSON', Buffer.from(COCO), ADD_IMAGES],
    ['a COCO JSON with a byte order mark', Buffer.from(`\ufeff${COCO}`), ADD_IMAGES],
    [
      'a COCO JSON with a long description',
      Buffer.from(`{"info":"${'x'.repeat(9000)}","images":[]}`),
      ADD_IMAGES,
    ],
    ['a COCO JSON in UTF-16', utf16(COCO), ADD_IMAGES],
    ['a COCO JSON in UTF-16 without a mark', utf16(COCO, ''), ADD_IMAGES],
    ['a COCO JSON in big-endian UTF-16', utf16(COCO).swap16(), ADD_IMAGES],
    [
      'a Label Studio JSON',
      Buffer.from('[{"id": 1, "annotations": []}]'),
      /a Label Studio JSON export.*Export → COCO/,
    ],
    [
      'a VIA project',
      Buffer.from('{"_via_img_metadata": {}}'),
      /a VGG Image Annotator.*In VIA: Annotation →/,
    ],
    [
      'a list of detections',
      Buffer.from('[{"image_id": 1, "score": 1}]'),
      /a list of detections \(COCO results\)/,
    ],
    [
      'a Ground Truth manifest',
      Buffer.from('{"source-ref": "s3://b/a.jpg"}\n'),
      /a SageMaker Ground Truth manifest/,
    ],
    ['other JSON', Buffer.from('{"a": 1}'), EXPORT],
    ['JSON Lines', Buffer.from('{"a": 1}\n{"a": 2}\n'), /is a JSON Lines file, not a ZIP/],
    ['XML', Buffer.from('<?xml version="1.0"?><annotation/>'), /is an XML file, not a ZIP/],
    ['CSV', Buffer.from('name,width,height\na.jpg,1,2\n'), /is a CSV file, not a ZIP/],
    ['a text', Buffer.from('This file has a text.'), EXPORT],
    ['a text in a code page', latin1('Gr\xf6\xdfe und L\xe4nge'), /is a text file, not a ZIP/],
    ['JavaScript', Buffer.from(`var data = ${COCO};`), /is a text file, not a ZIP/],
    ['blank', Buffer.from(' \n\n'), /is a text file, not a ZIP/],
    ['empty', Buffer.alloc(0), /^The file is empty\. Upload it again\.$/],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), /a web page.*Download the dataset again/],
    [
      'a web page in XHTML',
      Buffer.from('<?xml version="1.0"?>\n<html>'),
      /a web page.*Download the dataset again/,
    ],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1'), /git lfs pull/],
    [
      'other bytes',
      Buffer.alloc(3000, 7),
      /^The file is not a ZIP file, or a part of it is missing\. Upload it again\./,
    ],
    ['the start of a ZIP', latin1('PK\x03\x04....'), /is an incomplete ZIP file/],
  ])(
    'a file that is not a ZIP is refused with what it is and what to do: %s',
    async (_what, bytes, message) => {
      const error: unknown = await readDirectory(bufferSource(bytes)).catch((caught: unknown) => caught);
      if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
      expect(error.type).toBe('ArchiveUnreadable');
      expect(error.message).toMatch(message);
      expect(error.message).not.toMatch(/\n/);
      expect(error.message.length).toBeLessThanOrEqual(300);
    },
  );
});
