/** @jsxImportSource hono/jsx */
/** Database, logs and disk: the things that fill up slowly. */
import { bytes, fixed } from "../format.ts";
import { Badge, type Html, Meter, Time } from "../html.tsx";
import type { StorageView } from "../page-model.ts";

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
        <dd>{rows.length === 0 ? "none yet" : rows.join(" · ")}</dd>
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
          {logs.bytes > logs.capBytes ? <OverCap logs={logs} /> : null}
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
          <Time atMs={storage.checkedAtMs} />
        </dd>
      </div>
    </dl>
  );
}

/** Rotation removes only what it made: what else lies there stays until somebody removes it. */
function OverCap({ logs }: { logs: StorageView["logs"] }) {
  const [largest] = [...logs.files].sort((left, right) => right.bytes - left.bytes);
  const which = largest === undefined ? "" : `; the largest is ${largest.name}`;
  return (
    <small class="banner warn">
      {bytes(logs.bytes - logs.capBytes)} over the limit{which}. Rotation removes only its own
      files: remove what does not belong here before the disk is full.
    </small>
  );
}
