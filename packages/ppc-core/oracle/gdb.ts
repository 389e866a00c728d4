import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The client's side of gdb's remote serial protocol, as far as the oracle needs it (GDB manual, appendix E). */
export class GdbClient {
  private received = '';
  private waiting: ((packet: string) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (data) => this.receive(String(data)));
  }

  /** Connects to a stub on a Unix socket, which may not be there yet. */
  static async connect(path: string): Promise<GdbClient> {
    for (let tries = 0; ; tries++) {
      try {
        const socket = await new Promise<Socket>((resolve, reject) => {
          const attempt = connect(path, () => resolve(attempt));
          attempt.once('error', reject);
        });
        return new GdbClient(socket);
      } catch (error) {
        if (tries === 100) throw error;
        await pause(100);
      }
    }
  }

  /** Sends a packet and gives the answer. */
  request(packet: string): Promise<string> {
    const sum = [...packet].reduce((total, character) => total + character.charCodeAt(0), 0) & 0xff;
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`, 'latin1');
    });
  }

  /** Sends a packet that must be answered by OK. */
  async command(packet: string): Promise<void> {
    const answer = await this.request(packet);
    if (answer !== 'OK') throw new Error(`The stub answered ${answer} to ${packet}.`);
  }

  /** Closes the connection. */
  close(): void {
    this.socket.destroy();
  }

  private receive(data: string): void {
    this.received += data;
    const packet = /\$([^#]*)#[\da-f]{2}/.exec(this.received);
    if (packet === null) return;
    this.received = this.received.slice(packet.index + packet[0].length);
    this.socket.write('+');
    this.waiting?.(packet[1] ?? '');
  }
}
