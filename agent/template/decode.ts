/** Decodes a register image with the driver's own decoder, without a bus: what a device with these registers would give. */
import { type Image, readImage } from "../../config/fixture.ts";
import type { PointOptions, Sample } from "../../drivers/driver.ts";
import { decoder } from "../../drivers/modbus/decode.ts";
import { isBitTable, type ModbusPoint, parsePoint } from "../../drivers/modbus/point.ts";

const ABSENT: Sample = { quality: "bad", reason: "MODBUS_EXCEPTION_2" };

/** Samples by point. Throws `CONFIG_INVALID` where the options of a point contradict each other. */
export function decodeImage(points: readonly PointOptions[], image: Image): Map<string, Sample> {
  return new Map(points.map(parsePoint).map((point) => [point.id, sampleOf(point, image)]));
}

function sampleOf(point: ModbusPoint, image: Image): Sample {
  const words = readImage(image, point.table, point.address, point.length);
  if (!words) return ABSENT;
  if (isBitTable(point.table)) return decoder(point)(Buffer.from(words), 0);
  const data = Buffer.alloc(words.length * 2);
  for (const [index, word] of words.entries()) data.writeUInt16BE(word, index * 2);
  return decoder(point)(data, 0);
}
