// How far a download is, for whoever watches: one line that is rewritten on a terminal, a line for each tenth elsewhere.

const megabyte = 1024 * 1024;

export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

export function createProgress(screen: Screen): { show(bytes: number, totalBytes: number | null): void; end(): void } {
  let shown = "";
  return {
    show(bytes, totalBytes) {
      const line = describe(bytes, totalBytes, screen.isTTY === true);
      if (line === shown) return;
      shown = line;
      screen.write(screen.isTTY ? `\r${line}` : `${line}\n`);
    },
    end() {
      if (screen.isTTY && shown !== "") screen.write("\n");
    },
  };
}

function describe(bytes: number, totalBytes: number | null, isFine: boolean): string {
  // Without a size a line for each five megabytes has to do.
  const megabytes = isFine
    ? (Math.floor((10 * bytes) / megabyte) / 10).toFixed(1)
    : String(5 * Math.floor(bytes / megabyte / 5));
  if (totalBytes === null) return `${megabytes} MB`;
  const percent = Math.floor((100 * bytes) / totalBytes);
  const total = `${(totalBytes / megabyte).toFixed(1)} MB`;
  return isFine ? `${megabytes} of ${total} (${percent} %)` : `${Math.floor(percent / 10) * 10} % of ${total}`;
}
