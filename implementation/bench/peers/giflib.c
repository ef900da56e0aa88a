// GIF by giflib, which gives indices: what draws them is here.

#include <gif_lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const uint8_t *bytes;
    size_t left;
};

static int read_some(GifFileType *gif, GifByteType *to, int count) {
    struct source *source = gif->UserData;
    size_t now = source->left < (size_t)count ? source->left : (size_t)count;
    memcpy(to, source->bytes, now);
    source->bytes += now;
    source->left -= now;
    return (int)now;
}

// Draws whole frames of the global palette as straight BGRA, and gives each; how many there were, or below zero what went wrong.
int giflib_frames(const uint8_t *bytes, size_t length, void (*each)(void *, const uint8_t *, size_t), void *with) {
    struct source source = {bytes, length};
    int error = 0;
    GifFileType *gif = DGifOpen(&source, read_some, &error);
    if (gif == NULL || DGifSlurp(gif) != GIF_OK || gif->SColorMap == NULL) {
        return -1;
    }
    uint32_t colours[256] = {0};
    for (int index = 0; index < gif->SColorMap->ColorCount; index++) {
        GifColorType colour = gif->SColorMap->Colors[index];
        colours[index] = 0xff000000U | (uint32_t)colour.Red << 16 | (uint32_t)colour.Green << 8 | colour.Blue;
    }
    size_t pixels = (size_t)gif->SWidth * (size_t)gif->SHeight;
    uint32_t *canvas = calloc(pixels, sizeof *canvas);
    int frames = canvas == NULL ? -3 : gif->ImageCount;
    for (int frame = 0; frame < frames; frame++) {
        const SavedImage *image = &gif->SavedImages[frame];
        if ((size_t)image->ImageDesc.Width * (size_t)image->ImageDesc.Height != pixels) {
            frames = -2;
            break;
        }
        for (size_t place = 0; place < pixels; place++) {
            canvas[place] = colours[image->RasterBits[place]];
        }
        each(with, (const uint8_t *)canvas, pixels * sizeof *canvas);
    }
    free(canvas);
    DGifCloseFile(gif, &error);
    return frames;
}
