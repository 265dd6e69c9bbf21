import type { World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'

/** Connects a client and waits until the program has named it by its port. */
export async function announced(world: World, program: Program): Promise<Peer> {
  const peer = await world.connect()
  await program.says(`Received new connection from 127.0.0.1:${peer.port}`)
  return peer
}
