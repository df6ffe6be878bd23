importScripts("/visitor.js"); report("worker");
