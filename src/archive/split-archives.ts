/** How to join the parts of a split archive, in the two ways in which tools name parts. */
export const JOIN_PARTS =
  'Put all parts into one folder and join them with `zip -s 0 in.zip --out joined.zip` (.z01) or `cat in.zip.0* > joined.zip` (.zip.001). Upload joined.zip.';
