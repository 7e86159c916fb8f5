/** How to get COCO from the common annotation tools, in the words of their menus. */
export const EXPORT_FROM_TOOLS =
  'In Roboflow: Download Dataset → Format: COCO. In CVAT: Export task dataset → COCO 1.0 with "Save images". In Label Studio: Export → COCO with Images.';

/** Whether text is the start of a Label Studio JSON export: a list of tasks, which unlike COCO's records have no boxes. */
export const isLabelStudioJson = (text: string): boolean =>
  /^\s*\[\s*\{[\s\S]*"(?:completions|annotations|predictions|data|result)"\s*:/.test(text) &&
  !/"(?:file_name|bbox)"\s*:/.test(text);
