import sharp from 'sharp';
import { cameraPng } from '../images/pictures.js';
import { picture, zipOf } from './archives.js';

/** Creates an archive of camera images, which use the lower `bits` of 16-bit PNG files, and of one ordinary photo. */
export async function cameraArchive(cameraImages: number, bits: number): Promise<Buffer> {
  const files: Record<string, string | Buffer> = {};
  const images = Array.from({ length: cameraImages + 1 }, (_, id) => ({ id, file_name: `${id}.png` }));
  for (const { id, file_name } of images) {
    const photo = sharp(await picture(id));
    files[file_name] = id < cameraImages ? await cameraPng(photo, bits) : await photo.png().toBuffer();
  }
  const coco = {
    images: images.map((image) => ({ ...image, width: 96, height: 80 })),
    annotations: images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [10, 10, 30, 30] })),
    categories: [{ id: 1, name: 'fracture' }],
  };
  return await zipOf({ '_annotations.coco.json': JSON.stringify(coco), ...files });
}
