const { createServer } = require('node:http');
const { Server } = require('socket.io');

const http = createServer((request, response) => response.end(String(sockets.engine.clientsCount)));
const sockets = new Server(http);
sockets.on('connection', (socket) => socket.on('ask', (question, answer) => answer(question)));
http.listen(Number(process.argv[2]), '127.0.0.1');
