import { readSnapshot } from "../../engine/diagram/readsnapshot.ts";
import { snapshotDrawing } from "../../engine/diagram/snapshotdrawing.ts";
import { SNAPSHOT_MIME } from "../../engine/diagram/snapshotjson.ts";
import type { PlayerData } from "../../engine/player/player.ts";
import { readRecording } from "../../engine/trace/readrecording.ts";
import { RECORDING_MIME } from "../../engine/trace/recordingjson.ts";

/**
 * What the player shows of an output, by its MIME type. Outputs come from a notebook file, which anybody may have
 * written: both readers refuse what cannot be shown.
 *
 * @throws TypeError when the data is not of the MIME type, or of a version that is not known here
 */
export const outputs: Readonly<Record<string, (json: unknown) => PlayerData>> = {
  [SNAPSHOT_MIME]: (json) => snapshotDrawing(readSnapshot(json)),
  [RECORDING_MIME]: readRecording,
};
