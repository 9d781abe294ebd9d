/** Database, logs and disk: the things that fill up slowly. */
import { bytes, fixed } from "../format.ts";
import { Badge, type Html, Time } from "../html.tsx";

/** What this fragment needs of the storage report. */
export interface StorageView {
  readonly database: {
    readonly path: string;
    readonly bytes: number;
    readonly walBytes: number;
    readonly rows: Readonly<Record<string, number>>;
    readonly lostWrites: number;
  };
  readonly logs: {
    readonly dir: string;
    readonly bytes: number;
    readonly capBytes: number;
    readonly files: readonly { readonly name: string; readonly bytes: number }[];
  };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly checkedAt: number;
}

export function Storage({ storage }: { storage: StorageView }): Html {
  const { database, logs, disk } = storage;
  const rows = Object.entries(database.rows).map(([name, count]) => `${name} ${fixed(count, 0)}`);
  const files = logs.files.map((file) => `${file.name} ${bytes(file.bytes)}`);
  return (
    <dl class="facts">
      <div>
        <dt>Database</dt>
        <dd>
          {bytes(database.bytes)} (+ {bytes(database.walBytes)} write-ahead log)
          <small class="path">{database.path}</small>
        </dd>
      </div>
      <div>
        <dt>Rows</dt>
        <dd>{rows.join(" · ")}</dd>
      </div>
      <div>
        <dt>Lost writes</dt>
        <dd>
          <Badge tone={database.lostWrites === 0 ? "good" : "bad"}>
            {fixed(database.lostWrites, 0)}
          </Badge>
        </dd>
      </div>
      <div>
        <dt>Logs</dt>
        <dd>
          <Meter label="Log space used" value={logs.bytes} max={logs.capBytes} />{" "}
          {bytes(logs.bytes)} of {bytes(logs.capBytes)}
          <small class="path">{logs.dir}</small>
          <small>{files.join(" · ")}</small>
        </dd>
      </div>
      <div>
        <dt>Disk</dt>
        <dd>
          <Meter
            label="Disk space used"
            value={disk.totalBytes - disk.freeBytes}
            max={disk.totalBytes}
          />{" "}
          {bytes(disk.freeBytes)} free of {bytes(disk.totalBytes)}
        </dd>
      </div>
      <div>
        <dt>Checked (UTC)</dt>
        <dd>
          <Time atMs={storage.checkedAt} />
        </dd>
      </div>
    </dl>
  );
}

function Meter({ label, value, max }: { label: string; value: number; max: number }) {
  return (
    <meter aria-label={label} min={0} max={max} high={max * 0.85} optimum={0} value={value}>
      {fixed((100 * value) / max, 0)} %
    </meter>
  );
}
