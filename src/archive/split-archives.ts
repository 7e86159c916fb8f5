/** How to join the parts of a split archive, in the two ways in which tools name parts. */
export const JOIN_PARTS =
  'Put all parts into one folder and join them: `zip -s 0 in.zip --out joined.zip` for .z01, .z02 and .zip; `cat in.zip.0* > joined.zip` for .zip.001, .zip.002 and so on. Upload joined.zip.';
