/** The response header by which an emulator of Rekognition identifies itself. The service itself never sends it. */
export const EMULATOR_HEADER = 'x-emulated-by';
