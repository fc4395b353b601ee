// The live channel of the kind that most teams build: jobs in BullMQ, their progress to sockets by `ws`.
// `relay.cjs serve REDIS_PORT` prints its port. `relay.cjs work REDIS_PORT JOBS` reports each job's
// progress once a second, for as many seconds as a line of its input says.
const [role, redisPort, jobs] = process.argv.slice(2);
const connection = { host: "127.0.0.1", port: Number(redisPort), maxRetriesPerRequest: null };
const NAME = "drafts";
const now = () => performance.timeOrigin + performance.now();
const sleep = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

const serve = () => {
  const { QueueEvents } = require("bullmq");
  const { WebSocketServer } = require("ws");
  const pages = new Map(); // by user
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 512 });
  server.on("connection", (socket, request) => {
    const user = new URL(request.url, "http://relay").searchParams.get("user");
    if (!pages.has(user)) pages.set(user, new Set());
    pages.get(user).add(socket);
    socket.alive = true;
    socket.on("pong", () => { socket.alive = true; });
    socket.on("close", () => pages.get(user).delete(socket));
  });
  setInterval(() => {
    for (const socket of server.clients) {
      if (!socket.alive) socket.terminate();
      socket.alive = false;
      socket.ping();
    }
  }, 30_000);
  const events = new QueueEvents(NAME, { connection });
  events.on("progress", ({ jobId, data }) => {
    const message = JSON.stringify({ type: "progress", jobId, ...data });
    for (const socket of pages.get(data.user) ?? []) socket.send(message);
  });
  server.on("listening", () => events.waitUntilReady().then(() => console.log(server.address().port)));
};

const work = async () => {
  const { Queue, Worker } = require("bullmq");
  const queue = new Queue(NAME, { connection });
  for (let n = 0; n < Number(jobs); n++) await queue.add("draft", { user: String(n) });
  const told = new Promise((take) => process.stdin.once("data", (line) => take(Number(line))));
  let at_work = 0;
  const worker = new Worker(NAME, async (job) => {
    if (++at_work === Number(jobs)) console.log("ready");
    const seconds = await told;
    const began = now();
    for (let second = 0; second < seconds; second++) {
      await sleep(began + 1000 * (second + Math.random()) - now());
      const progress = { user: job.data.user, state: "running", stage: "Writing", done: second, total: seconds };
      await job.updateProgress({ ...progress, message: `Writing, ${second} of ${seconds} words`, at: now() / 1000 });
    }
    await sleep(began + 1000 * seconds - now());
  }, { connection, concurrency: Number(jobs) });
  worker.on("error", (error) => console.error(error));
  let ended = 0;
  worker.on("completed", () => { if (++ended === Number(jobs)) process.exit(0); });
};

if (role === "serve") serve();
else work();
