// QR codes from the camera or a photo: the browser's own reader where it has one, else `qr`
// (static/qr, MIT or Apache-2.0), which is loaded only then.

const EVERY_MS = 200;
const LONGEST_SIDE = { video: 800, photo: 1600 };

let reader;

async function readerOf() {
  if (reader) return reader;
  if ("BarcodeDetector" in window) {
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (formats.includes("qr_code")) {
      const native = new BarcodeDetector({ formats: ["qr_code"] });
      reader = async (picture) => {
        const found = await native.detect(picture);
        return found.length ? found[0].rawValue : "";
      };
      return reader;
    }
  }
  const { decodeQR } = await import("/static/qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  reader = async (picture, longest) => {
    const width = picture.videoWidth || picture.width;
    const height = picture.videoHeight || picture.height;
    const scale = Math.min(1, longest / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return "";
    }
  };
  return reader;
}

export function canScan() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

// Shows the camera in `video` and tells each text that it sees. Returns what stops it.
export async function scan(video, tell) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
    audio: false,
  });
  let running = true;
  const stop = () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  video.srcObject = stream;
  try {
    await video.play();
    const read = await readerOf();
    const look = async () => {
      if (!running) return;
      if (video.videoWidth && !document.hidden) {
        const text = await read(video, LONGEST_SIDE.video).catch(() => "");
        if (text && running) tell(text);
      }
      setTimeout(look, EVERY_MS);
    };
    look();
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

// The text of the QR code in a photo, "" where none is found.
export async function readPhoto(file) {
  const picture = await createImageBitmap(file);
  const read = await readerOf();
  // A code that fills the photo is read best from a small picture, one in a corner from a large.
  for (const longest of [LONGEST_SIDE.video, LONGEST_SIDE.photo]) {
    const text = await read(picture, longest).catch(() => "");
    if (text) return text;
  }
  return "";
}
