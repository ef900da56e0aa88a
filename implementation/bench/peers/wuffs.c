// GIF by wuffs, whose release file is asked for by the name WUFFS_RELEASE.

#define WUFFS_IMPLEMENTATION
#define WUFFS_CONFIG__STATIC_FUNCTIONS
#define WUFFS_CONFIG__MODULES
#define WUFFS_CONFIG__MODULE__BASE
#define WUFFS_CONFIG__MODULE__GIF
#define WUFFS_CONFIG__MODULE__LZW
#include WUFFS_RELEASE

#include <stdlib.h>

// Draws frames as straight BGRA, and gives each; how many there were, or below zero what went wrong.
int wuffs_frames(const uint8_t *bytes, size_t length, void (*each)(void *, const uint8_t *, size_t), void *with) {
    wuffs_gif__decoder *decoder = wuffs_gif__decoder__alloc();
    wuffs_base__io_buffer source = wuffs_base__ptr_u8__reader((uint8_t *)bytes, length, true);
    wuffs_base__image_config config;
    if (decoder == NULL || wuffs_gif__decoder__decode_image_config(decoder, &config, &source).repr != NULL) {
        return -1;
    }
    uint32_t width = wuffs_base__pixel_config__width(&config.pixcfg), height = wuffs_base__pixel_config__height(&config.pixcfg);
    wuffs_base__pixel_config__set(&config.pixcfg, WUFFS_BASE__PIXEL_FORMAT__BGRA_NONPREMUL, 0, width, height);
    size_t size = (size_t)width * height * 4;
    size_t work = (size_t)wuffs_gif__decoder__workbuf_len(decoder).max_incl;
    uint8_t *canvas = calloc(size, 1), *room = malloc(work + 1);
    wuffs_base__pixel_buffer pixels;
    int frames = -2;
    if (canvas != NULL && room != NULL &&
        wuffs_base__pixel_buffer__set_from_slice(&pixels, &config.pixcfg, wuffs_base__make_slice_u8(canvas, size)).repr == NULL) {
        wuffs_base__frame_config frame;
        frames = 0;
        while (wuffs_gif__decoder__decode_frame_config(decoder, &frame, &source).repr == NULL) {
            if (wuffs_gif__decoder__decode_frame(decoder, &pixels, &source, WUFFS_BASE__PIXEL_BLEND__SRC_OVER,
                                                 wuffs_base__make_slice_u8(room, work), NULL)
                    .repr != NULL) {
                frames = -3;
                break;
            }
            each(with, canvas, size);
            frames++;
        }
    }
    free(canvas);
    free(room);
    free(decoder);
    return frames;
}
